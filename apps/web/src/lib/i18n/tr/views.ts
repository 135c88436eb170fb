export const views = {
  label: 'Görünümler',
};
