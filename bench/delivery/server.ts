import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * The least that can stand in for Lago: no customer is ever found, and every write answers with the customer as it was
 * sent, under an id. It runs in a process of its own and sends its port to the parent.
 */
const nobody = JSON.stringify({ customers: [], meta: { current_page: 1, next_page: null, total_count: 0 } });
const bodyStart = '{"customer":{';
let written = 0;

const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    answer(response, nobody);
    return;
  }
  const body = await text(request);
  written += 1;
  answer(response, `${bodyStart}"lago_id":"${written}",${body.slice(bodyStart.length)}`);
});
// A contender's connections rest while the others are measured.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => process.exit());

function answer(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
