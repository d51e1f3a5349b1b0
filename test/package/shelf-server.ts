import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

interface ShelfServer {
  readonly url: string;
  readonly items: ReadonlyMap<string, object>;
  close(): Promise<void>;
}

/** The billing system that the example's provider speaks with. */
export async function startShelf(): Promise<ShelfServer> {
  const items = new Map<string, object>();
  const app = new Hono();
  app.get('/items/:ref', (context) => {
    const found = items.get(context.req.param('ref'));
    return found === undefined ? context.json({ message: 'no such item' }, 404) : context.json(found);
  });
  app.post('/items', async (context) => {
    const item = await context.req.json<{ ref: string }>();
    const stored = { ...item, number: items.size + 1 };
    items.set(item.ref, stored);
    return context.json(stored);
  });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new RangeError('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    items,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
