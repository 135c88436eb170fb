import { describe, expect, it } from 'vitest';
import { COLUMNS, moveColumn, readColumns, toggleColumn, USUAL, writeColumns } from './column-choice.ts';

describe('the columns in the address', () => {
  it('are the usual ones where none are named, and then nothing is written', () => {
    expect(readColumns(undefined)).toEqual(USUAL);
    expect(writeColumns(USUAL)).toBe('');
  });

  it('are read in their order, each once, without what nobody knows, never without payee and amount', () => {
    expect(readColumns('created,amount,created,price,payee')).toEqual(['created', 'amount', 'payee']);
    expect(readColumns('status')).toEqual(['payee', 'amount', 'status']);
    expect(readColumns('nothing')).toEqual(['payee', 'amount']);
  });

  it('are read back as they were written', () => {
    const reversed = [...COLUMNS].reverse();
    expect(readColumns(writeColumns(reversed))).toEqual(reversed);
  });

  it('come in the place that the menu gives them, go, and stay where they are needed', () => {
    const more = toggleColumn(USUAL, 'merchant');
    expect(more.indexOf('merchant')).toBe(2);
    expect(toggleColumn(more, 'merchant')).toEqual(USUAL);
    expect(toggleColumn(USUAL, 'deadline').at(-1)).toBe('deadline');
    expect(toggleColumn(USUAL, 'amount')).toEqual(USUAL);
  });

  it('move by one, and not beyond the ends', () => {
    expect(moveColumn(['payee', 'amount', 'status'], 'amount', -1)).toEqual(['amount', 'payee', 'status']);
    expect(moveColumn(['payee', 'amount', 'status'], 'amount', 1)).toEqual(['payee', 'status', 'amount']);
    expect(moveColumn(['payee', 'amount'], 'payee', -1)).toEqual(['payee', 'amount']);
    expect(moveColumn(['payee', 'amount'], 'owner', 1)).toEqual(['payee', 'amount']);
  });
});
