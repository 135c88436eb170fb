import { fileURLToPath } from 'node:url';
import { runChecks } from './checks.ts';
import { closeWith } from './steps.ts';

closeWith(await runChecks(fileURLToPath(new URL('../../..', import.meta.url))));
