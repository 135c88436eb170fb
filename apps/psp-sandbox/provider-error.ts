/** An error as the provider's API words it: an HTTP status and `{ error: { type, code, message, param } }`. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly status: number;
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  readonly code: string | undefined;
  readonly param: string | undefined;

  constructor(
    status: number,
    message: string,
    detail: { type?: ProviderError['type']; code?: string; param?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.type = detail.type ?? 'invalid_request_error';
    this.code = detail.code;
    this.param = detail.param;
  }

  /** The body of the answer; members without a value are left out, as the provider does. */
  body(): { error: Record<string, string> } {
    const { type, code, message, param } = this;
    return { error: { ...(code ? { code } : {}), message, ...(param ? { param } : {}), type } };
  }
}

/** A 400 about the caller's parameters. Thrown before anything executes, so no idempotency key remembers it. */
export function invalidRequest(message: string, detail: { code?: string; param?: string } = {}): ProviderError {
  return new ProviderError(400, message, detail);
}

/** A 404 for an id that the provider has never given out. */
export function noSuchPayout(id: string, param: string): ProviderError {
  return new ProviderError(param === 'payout' ? 404 : 400, `No such payout: '${id.slice(0, 100)}'`, {
    code: 'resource_missing',
    param,
  });
}
