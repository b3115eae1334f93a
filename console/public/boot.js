// Runs before the first paint, so that neither the theme nor the language flashes. An external file
// because the content security policy allows no inline script.
(function () {
  var root = document.documentElement;
  var read = function (key) {
    try { return localStorage.getItem(key); } catch (denied) { return null; }
  };
  var theme = read('gatehouse.theme');
  var dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  var language = read('gatehouse.language') || navigator.language || 'en';
  root.lang = /^pt/i.test(language) ? 'pt-BR' : 'en';
})();
