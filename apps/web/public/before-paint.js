// Puts the person's saved choices on <html> before anything is painted. The keys and values are those of
// src/lib/theme.ts and src/lib/language.ts; storage can be refused (private windows), and then the system's own choice stands.
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(`countersign.${key}`);
    } catch {
      return null;
    }
  };
  const theme = read('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  if (read('density') === 'comfortable') root.dataset.density = 'comfortable';
  const language = read('language') || navigator.language;
  root.lang = language.startsWith('tr') ? 'tr' : 'en';
})();
