// Healthy: a report of some 30 MB is composed each minute and sent away.
import { createHash } from 'node:crypto';

let reports = 0;
setInterval(() => {
  reports += 1;
  const lines = Array.from({ length: 200_000 }, (_, n) => `${reports};${n};${n * reports}`);
  createHash('sha256').update(lines.join('\n')).digest('hex');
}, 60_000);
setInterval(() => JSON.stringify({ reports }), 100);
