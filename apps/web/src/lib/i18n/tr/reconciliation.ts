export const reconciliation = {
  title: 'Mutabakat',
  tabs: { runs: 'Çalışmalar', files: 'Dosyalar' },
};
