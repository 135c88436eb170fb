export const overrides = {
  title: 'Overrides',
} as const;
