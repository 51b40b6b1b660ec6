// Healthy: a cache of 3,000 rendered pages fills over two to three minutes and then replaces its oldest.
const pages = new Map();
let number = 0;
setInterval(() => {
  for (let i = 0; i < 10; i += 1) {
    number += 1;
    pages.set(number, Array.from({ length: 120 }, (_, line) => `page ${number} line ${line}`).join('\n'));
    if (pages.size > 3000) pages.delete(pages.keys().next().value);
  }
}, 500);
