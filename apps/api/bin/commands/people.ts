import { randomBytes, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { hashPassword } from 'better-auth/crypto';
import { systemClock } from '../../src/core/time.ts';
import { addPerson } from '../../src/identity/add-person.ts';
import { requestInfo } from '../../src/runtime/http.ts';
import { execute } from '../../src/runtime/operation.ts';
import type { CliCommand } from '../cli-context.ts';

/** `people add <e-mail> <name> --roles ops,finance`: makes a person and prints a first password, once. */
export const peopleCommand: CliCommand = {
  name: 'people',
  usage: 'people add <e-mail> <name> --roles viewer,ops,…',
  summary: 'make a person who can sign in',
  async run(args, { db, actor, json }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { roles: { type: 'string' } },
    });
    const [verb, email, ...name] = positionals;
    if (verb !== 'add' || !email || !name.length || !values.roles)
      throw new Error('Say "people add <e-mail> <name> --roles viewer,ops,…".');
    const password = randomBytes(12).toString('base64url');
    const input = {
      email,
      name: name.join(' '),
      roles: values.roles.split(','),
      passwordHash: await hashPassword(password),
    };
    const call = { actor, now: systemClock(), request: requestInfo(null), idempotencyKey: randomUUID() };
    const { result } = await execute(db, addPerson, call, input);
    console.log(
      json
        ? JSON.stringify({ ...result, email, password })
        : `${result.id}  ${email}\nFirst password, shown once: ${password}`,
    );
    return 0;
  },
};
