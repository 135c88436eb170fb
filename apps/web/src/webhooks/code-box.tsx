const BOX = 'mt-1 max-h-96 overflow-auto rounded-md bg-sunken p-2.5 text-xs break-all whitespace-pre-wrap';

/** Text as a machine wrote it. */
export function CodeBox({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <pre tabIndex={0} className={BOX}>
      {children}
    </pre>
  );
}
