import { z } from 'zod';
import type { Actor } from '../core/actor.ts';
import { foldText } from '../core/fold-text.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may } from '../identity/permission.ts';

/** A question to the queue that somebody keeps under a name: the address' parameters, and nothing that they find. */
export interface View {
  id: string;
  /** Its short link, `/v/<slug>`: made of its first name, and kept when it is renamed. */
  slug: string;
  name: string;
  /** Private views exist for their owner alone. */
  scope: ViewScope;
  ownerId: string;
  search: Record<string, string>;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const VIEW_SCOPES = ['private', 'team'] as const;
export type ViewScope = (typeof VIEW_SCOPES)[number];

/** The parameters of the queue's address that a view may keep: what is asked and how it is shown, never which panel is open. */
export const VIEW_PARAMETERS = [
  ...[
    'filter',
    'status',
    'level',
    'cause',
    'code',
    'rail',
    'provider',
    'currency',
    'merchant',
    'owner',
    'kind',
    'min',
    'max',
  ],
  ...['age', 'q', 'sort', 'group', 'cols'],
] as const;

/** Most views that one person may keep. */
export const MAX_VIEWS = 200;

const MAX_PARAMETERS = 30;
const storedText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'text with a NUL or half a character');

export const viewNameInput = storedText(80).trim().min(1);
export const viewScopeInput = z.enum(VIEW_SCOPES);
export const viewSearchInput = z
  .record(z.string(), storedText(200))
  .refine((search) => Object.keys(search).length <= MAX_PARAMETERS, `at most ${MAX_PARAMETERS} parameters`)
  .refine(
    (search) => Object.keys(search).every((key) => (VIEW_PARAMETERS as readonly string[]).includes(key)),
    'a parameter that the queue does not have',
  );

const MAX_SLUG = 60;

/** The short link that a name asks for: folded, words joined by hyphens. A name without a Latin letter or digit is a `view`. */
export function slugOf(name: string): string {
  const words =
    foldText(name)
      .match(/[a-z0-9]+/g)
      ?.join('-') ?? '';
  return words.slice(0, MAX_SLUG).replace(/-+$/, '') || 'view';
}

/** The nth slug to try for a name, from 1: `late`, `late-2`, `late-3`. */
export function nthSlug(name: string, n: number): string {
  return n === 1 ? slugOf(name) : `${slugOf(name)}-${n}`;
}

/** Whether the person sees the view at all. */
export function isVisible(view: View, personId: string): boolean {
  return view.scope === 'team' || view.ownerId === personId;
}

/** Whether the actor may change or remove a view: its owner; a team's view also an admin. */
export function decideChange(view: View, actor: Extract<Actor, { kind: 'person' }>): Refusal | null {
  if (!may(actor, 'view:save')) return refusal('permission_missing', { permission: 'view:save' });
  if (view.ownerId === actor.id) return null;
  return view.scope === 'team' && actor.roles.includes('admin') ? null : refusal('not_the_owner');
}

/** Whether the actor may give a view this scope: showing it to the team takes a permission of its own. */
export function decideScope(scope: ViewScope, actor: Actor): Refusal | null {
  return scope === 'team' && !may(actor, 'view:share')
    ? refusal('permission_missing', { permission: 'view:share' })
    : null;
}
