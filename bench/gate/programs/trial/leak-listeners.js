// Leaks: each request to a server adds a listener that holds the request's data, and none is removed.
import { EventEmitter } from 'node:events';
import { createServer, request } from 'node:http';

const changes = new EventEmitter();
changes.setMaxListeners(0);
const server = createServer((_, response) => {
  const state = Array.from({ length: 400 }, (_, field) => ({ field }));
  changes.on('change', () => state.length);
  response.end('done');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  setInterval(() => request({ port, host: '127.0.0.1' }, (answer) => answer.resume()).end(), 120);
});
