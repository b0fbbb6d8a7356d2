import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'vite';
import { MockHub } from './hub';

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Answers the addresses of intake from a mock, and leaves all others to the server behind `npm run dev`. */
export function mockIntake(): Plugin {
  const hub = new MockHub();
  return {
    name: 'mock-intake',
    apply: 'serve',
    configureServer: ({ middlewares }) => {
      middlewares.use('/api/v1', (request, response, next) => {
        void text(request).then((body) => {
          const reply = hub.answer(request.method ?? 'GET', request.url ?? '/', json(body));
          if (!reply) return next();
          response.writeHead(reply.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(reply.body));
        });
      });
    },
  };
}
