import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * The least that can stand in for Lago: it knows nobody, and every write answers with the customer as it was sent, under
 * an id that stays the same. It runs in a process of its own and sends its port to the parent.
 */
const nobody = JSON.stringify({ customers: [], meta: { current_page: 1, next_page: null, total_count: 0 } });

const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.method === 'GET') {
    response.end(nobody);
    return;
  }
  const { customer }: { customer: { external_id: string } } = JSON.parse(await text(request));
  response.end(JSON.stringify({ customer: { lago_id: `record of ${customer.external_id}`, ...customer } }));
});
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => process.exit());
