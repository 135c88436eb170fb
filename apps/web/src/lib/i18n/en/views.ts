export const views = {
  label: 'Views',
} as const;
