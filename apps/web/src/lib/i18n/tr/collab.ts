export const collab = {
  label: 'Notlar ve kişiler',
};
