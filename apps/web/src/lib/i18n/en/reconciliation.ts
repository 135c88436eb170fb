export const reconciliation = {
  title: 'Reconciliation',
} as const;
