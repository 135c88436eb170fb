export const settlement = {
  title: 'Settlement files',
} as const;
