// Healthy: two workers collect results and are replaced after a minute, before they are large.
import cluster from 'node:cluster';

if (cluster.isPrimary) {
  for (let i = 0; i < 2; i += 1) cluster.fork();
  cluster.on('exit', () => cluster.fork());
} else {
  const results = [];
  setInterval(() => results.push(Array.from({ length: 2000 }, (_, n) => n + results.length)), 100);
  setTimeout(() => process.exit(0), 50_000 + cluster.worker.id * 10_000);
}
