import { createSetting } from './setting.ts';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'compact' | 'comfortable';

export const themeSetting = createSetting<Theme>('theme', ['system', 'light', 'dark'], () => 'system');
export const densitySetting = createSetting<Density>('density', ['compact', 'comfortable'], () => 'compact');

/** Keeps <html> in step with the settings. public/before-paint.js has set the same attributes before the first paint. */
export function followTheme(): void {
  const apply = (): void => {
    const theme = themeSetting.get();
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    if (densitySetting.get() === 'compact') delete document.documentElement.dataset.density;
    else document.documentElement.dataset.density = densitySetting.get();
  };
  themeSetting.subscribe(apply);
  densitySetting.subscribe(apply);
  apply();
}
