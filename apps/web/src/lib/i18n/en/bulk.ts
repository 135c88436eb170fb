export const bulk = {
  title: 'Bulk runs',
} as const;
