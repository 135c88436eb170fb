export const payouts = {
  title: 'Payouts',
} as const;
