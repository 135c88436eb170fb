/** Somebody who can be named: asked to look after a payout, mentioned in a note. */
export interface Colleague {
  id: string;
  name: string;
}
