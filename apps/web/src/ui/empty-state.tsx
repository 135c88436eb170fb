import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon?: ReactNode;
  /** What is not there: "Nothing is stuck" and "Nothing matches" are different things. */
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** Where rows would be, said in words. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-6 py-16 text-center">
      {icon && <span className="mb-3 text-quiet">{icon}</span>}
      <p className="text-md font-semibold">{title}</p>
      {children && <div className="mt-1 max-w-[46ch] text-sm text-quiet">{children}</div>}
      {action && <div className="mt-4 flex gap-2">{action}</div>}
    </div>
  );
}
