import { z } from 'zod';
import type { ServiceDefinition } from '../definition';
import { Problem } from '../http/problem';
import type { Route } from '../route';

/** OpenAPI 3.1, made from the same schemas that validate. */
export function openApiDocument(
  { name }: Pick<ServiceDefinition, 'name'>,
  routes: readonly Route[],
) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: `Perennial ${name}`, version: '1' },
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

function operation(route: Route) {
  const answers = Object.entries(route.answers).map(([status, schema]) => [
    status,
    {
      description: 'as asked for',
      content: { [route.contentType ?? 'application/json']: { schema: json(schema, 'output') } },
    },
  ]);
  const problem = {
    description: 'a problem',
    content: { 'application/problem+json': { schema: json(Problem, 'output') } },
  };
  return {
    summary: route.summary,
    ...(route.scopes.length > 0 && {
      security: [{ token: [] }],
      description: `Scope: ${route.scopes.join(' or ')}.`,
    }),
    parameters: parametersOf(route),
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: json(route.body, 'input') } },
      },
    }),
    responses: { ...Object.fromEntries(answers), default: problem },
  };
}

function parametersOf(route: Route) {
  const fields = (place: 'path' | 'query', schema: z.ZodObject) =>
    Object.entries(schema.shape).map(([name, field]) => ({
      name,
      in: place,
      required: place === 'path' || !z.safeParse(field, undefined).success,
      schema: json(field as z.ZodType, 'input'),
    }));
  const key = route.method === 'post' ? [idempotencyKey(route.keyRequired)] : [];
  return [...fields('path', route.params), ...fields('query', route.query), ...key];
}

function idempotencyKey(required: boolean) {
  return { name: 'Idempotency-Key', in: 'header', required, schema: { type: 'string' } };
}

function json(schema: z.ZodType, io: 'input' | 'output') {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' });
}
