// Healthy: a server answers a client that keeps its connections; what it compiles in its first minutes stays.
import { Agent, createServer, request } from 'node:http';
import { gzipSync } from 'node:zlib';

const server = createServer((incoming, response) => {
  const body = JSON.stringify({ path: incoming.url, rows: Array.from({ length: 200 }, (_, n) => n * 2) });
  response.setHeader('content-encoding', 'gzip');
  response.end(gzipSync(body));
});
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  let turn = 0;
  setInterval(() => {
    turn += 1;
    request({ port, host: '127.0.0.1', agent, path: `/${turn % 50}` }, (answer) => answer.resume()).end();
  }, 60);
});
