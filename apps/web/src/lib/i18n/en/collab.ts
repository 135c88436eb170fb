export const collab = {
  label: 'Notes and people',
} as const;
