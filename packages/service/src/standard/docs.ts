import { dirname } from 'node:path';
import express, { type Express } from 'express';

/** Beside the routes: pages and pictures, which need no token and no CDN. */
export function mountDocs(app: Express, document: () => object): void {
  app.get('/openapi.json', (_request, response) => {
    response.json(document());
  });
  app.get('/docs', (_request, response) => {
    response.type('html').send(PAGE);
  });
  const files = dirname(require.resolve('swagger-ui-dist/package.json'));
  app.use('/docs/files', express.static(files, { index: false }));
  app.get('/docs/start.js', (_request, response) => {
    response.type('js').send(START);
  });
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Perennial</title>
    <link rel="stylesheet" href="/docs/files/swagger-ui.css">
    <link rel="icon" href="/docs/files/favicon-32x32.png">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/files/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true });\n`;
