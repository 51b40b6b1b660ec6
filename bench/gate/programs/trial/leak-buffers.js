// Leaks: buffers outside the heap are held by a queue whose consumer is slower than its producer.
const queue = [];
setInterval(() => queue.push(Buffer.alloc(40_000 + Math.floor(Math.random() * 40_000), 1)), 200);
setInterval(() => queue.shift(), 400);
