export const webhooks = {
  title: 'Webhook’lar',
};
