export const overrides = {
  title: 'İstisna onayları',
};
