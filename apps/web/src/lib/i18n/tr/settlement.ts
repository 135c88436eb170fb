export const settlement = {
  title: 'Mutabakat dosyaları',
};
