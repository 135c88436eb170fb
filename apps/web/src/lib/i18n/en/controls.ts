export const controls = {
  title: 'Controls',
} as const;
