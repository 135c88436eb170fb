export const audit = {
  title: 'Denetim kaydı',
};
