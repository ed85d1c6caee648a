# The command line in an image, with the bundles, the config and the sources of one commit: many machines search with it.
# docker build --build-arg COMMIT="$(git rev-parse --short HEAD)" --tag dr .
FROM node:22.23.3-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci && npm cache clean --force
COPY . .
RUN npm run -s build
# A simulation makes much short-lived garbage: a larger young generation spares a good part of the collector's work.
RUN printf '#!/bin/sh\nexec node --max-semi-space-size=64 /app/dist/dr/main.js "$@"\n' > /usr/local/bin/dr \
  && chmod 755 /usr/local/bin/dr \
  && mkdir /results dist/schedules \
  && chown node:node /results dist/schedules
# The history is not in the image; shards of two commits are told apart by this.
ARG COMMIT=unknown
ENV DR_COMMIT=$COMMIT TZ=UTC
USER node
WORKDIR /results
ENTRYPOINT ["dr"]
CMD ["--help"]
