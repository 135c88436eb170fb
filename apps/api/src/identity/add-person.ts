import { z } from 'zod';
import { ROLES } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { defineOperation } from '../runtime/operation.ts';
import { insertPerson } from './person.store.ts';

/** Makes a person with a password already hashed. From the command line only, until invitations are here. */
export const addPerson = defineOperation({
  name: 'people.add',
  permission: 'person:add',
  act: 'person.added',
  input: z.strictObject({
    email: z.email().transform((email) => email.toLowerCase()),
    name: z.string().trim().min(1).max(100),
    roles: z.array(z.enum(ROLES)).min(1),
    passwordHash: z.string().min(20),
  }),
  subject: () => null,
  async run({ tx, now, actor }, input) {
    const id = await insertPerson(tx, { ...input, now, grantedBy: actor.label });
    return {
      result: { id: toId('person', id) },
      audit: { subject: { kind: 'person', id }, after: { email: input.email, name: input.name, roles: input.roles } },
    };
  },
});
