import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
} from '@vscode/webview-ui-toolkit';

/**
 * Defines the custom elements that the webview uses. The one importer of the toolkit: it is
 * archived upstream, and whatever follows it is put in here.
 */
export function defineControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption());
}
