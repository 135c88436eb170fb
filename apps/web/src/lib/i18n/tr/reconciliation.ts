export const reconciliation = {
  title: 'Mutabakat',
};
