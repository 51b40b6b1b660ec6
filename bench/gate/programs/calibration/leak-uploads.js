// Leaks: parts of uploads that were given up stay in memory outside the heap, beside the garbage of those that succeed.
const parts = [];
let uploads = 0;
setInterval(() => {
  uploads += 1;
  const part = Buffer.alloc(100_000, uploads % 256);
  if (uploads % 5 === 0) parts.push(part);
}, 150);
