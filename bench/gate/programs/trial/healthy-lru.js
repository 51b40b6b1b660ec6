// Healthy: the 2,500 articles that were read last are kept; they are full after three minutes.
const articles = new Map();
function read(id) {
  const article = articles.get(id) ?? {
    id,
    paragraphs: Array.from({ length: 60 }, (_, n) => `paragraph ${n} of ${id}`),
  };
  articles.delete(id);
  articles.set(id, article);
  if (articles.size > 2500) articles.delete(articles.keys().next().value);
}
setInterval(() => {
  for (let i = 0; i < 10; i += 1) read(Math.floor(Math.random() * 10_000));
}, 500);
