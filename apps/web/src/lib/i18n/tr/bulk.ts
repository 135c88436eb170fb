export const bulk = {
  title: 'Toplu işlemler',
};
