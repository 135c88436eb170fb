export const controls = {
  title: 'Kontroller',
};
