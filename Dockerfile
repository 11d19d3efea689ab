# One image for every service: `docker build --build-arg SERVICE=billing .`
FROM node:20-bookworm-slim AS build
WORKDIR /perennial
COPY . .
RUN npm ci --no-audit --no-fund && npx turbo run build && npm prune --omit=dev

FROM node:20-bookworm-slim
ARG SERVICE
ENV NODE_ENV=production SERVICE=${SERVICE}
WORKDIR /perennial
COPY --from=build --chown=node:node /perennial .
USER node
# Migrations are forward only and take a lock, so each replica may begin with them.
CMD ["sh", "-c", "node services/$SERVICE/dist/migrate.js up && exec node services/$SERVICE/dist/main.js"]
