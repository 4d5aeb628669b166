;;; `chancery lsp' in Emacs, with the lines that docs/editors.md gives for eglot.  -*- lexical-binding: t -*-
;; The program and a copy of the project are named by CHANCERY and FOLDER, the page by EDITORS.

(require 'package)
(package-initialize)
(require 'eglot)

(defvar faults nil)
(defun expect (what is) (unless is (push what faults)))
(defun await (what is)
  (let ((left 600))
    (while (and (not (funcall is)) (> left 0))
      (accept-process-output nil 0.1)
      (setq left (1- left))))
  (expect what (funcall is)))

(defun problems ()
  (mapconcat (lambda (problem) (flymake-diagnostic-text problem)) (flymake-diagnostics) "\n"))
(defun go (words)
  (goto-char (point-min))
  (expect (concat "there is no " words) (search-forward words nil t))
  (goto-char (match-beginning 0)))

(push (file-name-directory (getenv "CHANCERY")) exec-path)
(with-temp-buffer
  (insert-file-contents (getenv "EDITORS"))
  (re-search-forward "^```elisp\n")
  (let ((start (point)))
    (re-search-forward "^```$")
    (eval-region start (match-beginning 0))))

;; Without somebody at the keyboard nothing is done when a command ends.
(find-file (expand-file-name "source/a.md" (getenv "FOLDER")))
(run-hooks 'post-command-hook)
(await "the server starts" #'eglot-current-server)
(flymake-mode 1)

(go " end.")
(insert " [@csots]")
;; Emacs is never idle here, and would say it then.
(eglot--signal-textDocument/didChange)
(await "a problem is told as one types" (lambda () (string-match-p "csots" (problems))))
(go " [@csots]")
(delete-char (length " [@csots]"))
(eglot--signal-textDocument/didChange)
(await "it is gone" (lambda () (not (string-match-p "csots" (problems)))))

(go "costs]")
(let ((found (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
  (expect "the definition is found" found)
  (when found
    (let ((place (xref-location-marker (xref-item-location (car found)))))
      (with-current-buffer (marker-buffer place)
        (goto-char place)
        (expect "it is the heading" (string-match-p "^## Costs" (thing-at-point 'line)))))))

(defvar other (find-file-noselect (expand-file-name "source/b.md" (getenv "FOLDER"))))
(go "costs]")
(eglot-rename "price")
(expect "a name is another" (progn (goto-char (point-min)) (search-forward "## Costs {#price}" nil t)))
(with-current-buffer other
  (goto-char (point-min))
  (expect "and in another file" (search-forward "a.md#price" nil t)))

(go "## Costs")
(insert "|A|B|\n|-|-|\n|one|two|\n\n")
(eglot-format-buffer)
(expect "the text is brought into its form" (progn (goto-char (point-min)) (search-forward "\n| one | two |\n" nil t)))

(dolist (buffer (list (current-buffer) other))
  (with-current-buffer buffer (set-buffer-modified-p nil)))
(message "emacs: %s" (if faults (mapconcat #'identity (nreverse faults) "; ") "nothing found"))
(kill-emacs (if faults 1 0))
