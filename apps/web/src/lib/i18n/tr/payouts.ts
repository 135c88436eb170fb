export const payouts = {
  title: 'Ödemeler',
};
