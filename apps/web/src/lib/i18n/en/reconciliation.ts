export const reconciliation = {
  title: 'Reconciliation',
  tabs: { runs: 'Runs', files: 'Files' },
} as const;
