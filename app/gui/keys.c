/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/keys.h"

#define CAPTURE ASSAY_KEYS_CAPTURE
#define ANNOTATE ASSAY_KEYS_ANNOTATE
#define REVIEW ASSAY_KEYS_REVIEW
#define DATASET ASSAY_KEYS_DATASET
#define READING ASSAY_KEYS_READING
#define EVERYWHERE ASSAY_KEYS_EVERYWHERE

static const AssayKey keys[] = {
  { "<Alt>1", "Capture", EVERYWHERE, "win.show-page", "'capture'" },
  { "<Alt>2", "Annotate", EVERYWHERE, "win.show-page", "'annotate'" },
  { "<Alt>3", "Review", EVERYWHERE, "win.show-page", "'review'" },
  { "<Alt>4", "Dataset", EVERYWHERE, "win.show-page", "'dataset'" },
  { "F6", "Next pane", EVERYWHERE, "win.next-pane", NULL },
  { "<Shift>F6", "Previous pane", EVERYWHERE, "win.previous-pane", NULL },
  { "F9", "Fold the left panel", CAPTURE | ANNOTATE | REVIEW, "page.toggle-left", NULL },
  { "<Shift>F9", "Fold the right panel", CAPTURE | ANNOTATE | DATASET, "page.toggle-right", NULL },
  { "F11", "Full screen", EVERYWHERE, "win.fullscreen", NULL },
  { "<Control>n", "New project", EVERYWHERE, "win.new-project", NULL },
  { "<Control>o", "Open a project", EVERYWHERE, "win.open", NULL },
  { "<Control>w", "Close the window", EVERYWHERE, "window.close", NULL },
  { "<Control>question|<Control>slash", "Keyboard shortcuts", EVERYWHERE, "win.keys", NULL },

  /* A hand on the left half of the keyboard, the other one at the mouse. */
  { "d|Right", "Next item", ANNOTATE | REVIEW, "page.next", NULL },
  { "a|Left", "Previous item", ANNOTATE | REVIEW, "page.previous", NULL },
  { "n", "Next item without your answer", ANNOTATE, "page.next-todo", NULL },
  { "<Control>Return", "Submit and go to the next", ANNOTATE, "page.submit", NULL, TRUE },
  { "<Shift>s", "Skip with a reason, or take the skip back", ANNOTATE, "page.skip-because", NULL },
  { "<Shift>d", "The item needs discussion, or no more", ANNOTATE, "page.discuss", NULL },
  { "<Shift>h", "The item is hard, or no more", ANNOTATE, "page.hard", NULL },
  { "<Control><Shift>Return", "Skip and go to the next", ANNOTATE, "page.skip", NULL, TRUE },
  { "<Control><Alt>Return", "Take back what was submitted, until it is settled", ANNOTATE, "page.recall", NULL },
  { "<Control>t", "Your answer against the truth, once it is settled", ANNOTATE, "page.compare", NULL },
  { "<Control>z", "Undo", ANNOTATE, "page.undo", NULL },
  { "<Control><Shift>z|<Control>y", "Redo", ANNOTATE, "page.redo", NULL },
  { "Return", "Finish the object", ANNOTATE, NULL, "finish" },
  { "<Alt>Return", "Apply the hint", ANNOTATE, "page.apply-hint", NULL },
  { "Escape", "Give up what is begun", ANNOTATE, NULL, "give-up" },
  { "BackSpace", "Take back the last point", ANNOTATE, NULL, "last-point" },
  { "Tab", "Next point or view of the tool, or the object below, in the canvas", ANNOTATE, NULL, "next-point" },
  { "<Shift>Tab", "Previous point or view of the tool, in the canvas", ANNOTATE, NULL, "previous-point" },
  { "Delete", "Take away: the object, or dismiss the finding", ANNOTATE | REVIEW, "page.remove", NULL },

  { "<Shift>g", "Tags: the grid of thumbnails, or one item again", ANNOTATE, "page.tag-grid", NULL },
  { "<Control>h", "History of the item", ANNOTATE, "page.history", NULL },
  { "<Control>p", "Your own pace today", ANNOTATE, "page.pace", NULL },
  { "F1", "Guideline", ANNOTATE, "page.guideline", NULL },
  { "slash", "Choose a class by typing, at the pointer", ANNOTATE, "page.type-class", NULL },
  { "1", "First class", ANNOTATE, "page.class", "1" },
  { "2", "Second class", ANNOTATE, "page.class", "2" },
  { "3", "Third class", ANNOTATE, "page.class", "3" },
  { "4", "Fourth class", ANNOTATE, "page.class", "4" },
  { "5", "Fifth class", ANNOTATE, "page.class", "5" },
  { "6", "Sixth class", ANNOTATE, "page.class", "6" },
  { "7", "Seventh class", ANNOTATE, "page.class", "7" },
  { "8", "Eighth class", ANNOTATE, "page.class", "8" },
  { "9", "Ninth class", ANNOTATE, "page.class", "9" },

  { "v", "Select tool", ANNOTATE, "page.tool", "'select'" },
  { "p", "Polygon tool", ANNOTATE, "page.tool", "'polygon'" },
  { "b", "Brush tool", ANNOTATE, "page.tool", "'brush'" },
  { "e", "Eraser tool", ANNOTATE, "page.tool", "'eraser'" },
  { "y", "Freehand tool", ANNOTATE, "page.tool", "'freehand'" },
  { "r", "Rectangle tool", ANNOTATE, "page.tool", "'rectangle'" },
  { "c", "Ellipse tool", ANNOTATE, "page.tool", "'ellipse'" },
  { "z", "Box tool", ANNOTATE, "page.tool", "'box'" },
  { "k", "Skeleton tool", ANNOTATE, "page.tool", "'skeleton'" },
  { "m", "Pose tool (model)", ANNOTATE, "page.tool", "'pose'" },
  { "s", "Segment tool", ANNOTATE, "page.tool", "'segment'" },
  { "w", "Magic wand", ANNOTATE, "page.tool", "'wand'" },
  { "x", "Intelligent scissors", ANNOTATE, "page.tool", "'scissors'" },
  { "g", "GrabCut", ANNOTATE, "page.tool", "'grabcut'" },
  { "u", "Superpixel brush", ANNOTATE, "page.tool", "'superpixel'" },

  { "<Shift>c", "Copy the objects to the next picture, and go there", ANNOTATE, "page.carry", "'copy'" },
  { "<Shift>f", "Follow the objects into the next picture, and go there", ANNOTATE, "page.carry", "'flow'" },
  { "<Shift>p", "Propose what models have predicted", ANNOTATE, "page.carry", "'predictions'" },
  { "<Shift>b", "Propose masks from your boxes", ANNOTATE, "page.carry", "'boxes'" },
  { "<Alt>a", "Accept the proposals: the selected ones, or all", ANNOTATE, "page.act", "'accept'" },
  { "<Alt>Delete", "Reject the proposals: the selected ones, or all", ANNOTATE, "page.act", "'reject'" },
  { "<Alt>b", "Paint where nobody can tell, or the object again", ANNOTATE, "page.paint-unsure", NULL },
  { "<Alt>g", "Object: grow by a pixel", ANNOTATE, "page.act", "'grow'" },
  { "<Alt>s", "Object: shrink by a pixel", ANNOTATE, "page.act", "'shrink'" },
  { "<Alt><Shift>g", "Object: grow by 5 pixels", ANNOTATE, "page.act", "'grow-more'" },
  { "<Alt><Shift>s", "Object: shrink by 5 pixels", ANNOTATE, "page.act", "'shrink-more'" },
  { "<Alt>m", "Object: smooth the border", ANNOTATE, "page.act", "'smooth'" },
  { "<Alt>f", "Object: fill the holes", ANNOTATE, "page.act", "'fill-holes'" },
  { "<Alt>k", "Object: keep the largest part", ANNOTATE, "page.act", "'keep-largest'" },
  { "<Alt>r", "Object: remove islands", ANNOTATE, "page.act", "'drop-islands'" },
  { "<Alt>n", "Object: fill the gap to its neighbours", ANNOTATE, "page.act", "'fill-gaps'" },
  { "<Alt>p", "Object: split into its parts", ANNOTATE, "page.act", "'split'" },
  { "<Alt>u", "Objects: join into one", ANNOTATE, "page.act", "'union'" },
  { "<Alt>d", "Objects: subtract the others from the last", ANNOTATE, "page.act", "'subtract'" },
  { "<Alt>x", "Objects: keep what all share", ANNOTATE, "page.act", "'intersect'" },
  { "<Control>d", "Object: duplicate", ANNOTATE, "page.act", "'duplicate'" },
  { "<Control>Page_Up", "Object: raise over the next", ANNOTATE, "page.act", "'raise'" },
  { "<Control>Page_Down", "Object: lower under the next", ANNOTATE, "page.act", "'lower'" },
  { "<Control><Shift>Page_Up", "Object: to the front", ANNOTATE, "page.act", "'to-front'" },
  { "<Control><Shift>Page_Down", "Object: to the back", ANNOTATE, "page.act", "'to-back'" },
  { "<Control>k", "Track: a key frame here", ANNOTATE, "page.track", "'key'" },
  { "<Control>i", "Track: fill what lies between the key frames", ANNOTATE, "page.track", "'fill'" },
  { "<Control>Left", "Track: previous key frame", ANNOTATE, "page.track", "'previous'" },
  { "<Control>Right", "Track: next key frame", ANNOTATE, "page.track", "'next'" },
  { "<Control>j", "Track: join with the one selected before", ANNOTATE, "page.track", "'join'" },
  { "<Control><Shift>k", "Track: cut, another thing from here on", ANNOTATE, "page.track", "'cut'" },
  { "<Control><Shift>j", "Tracks: swap the two selected from here on", ANNOTATE, "page.track", "'swap'" },
  { "Menu|<Shift>F10", "What can be done with it: the object's menu, or the item's in its list", ANNOTATE,
    "page.menu", NULL },
  { "h", "Hide or show the object", ANNOTATE, "page.hide", NULL },
  { "l", "Lock or unlock the object", ANNOTATE, "page.lock", NULL },
  { "q", "Skeleton: occluded or visible", ANNOTATE, NULL, "occluded" },
  { "o", "Skeleton: outside the picture", ANNOTATE, NULL, "outside" },
  { "t", "Pose: next corner of the model", ANNOTATE, NULL, "next-corner" },
  { "<Shift>t", "Pose: previous corner of the model", ANNOTATE, NULL, "previous-corner" },
  { "<Control>space", "Play or stop the sound, also while typing", ANNOTATE | REVIEW, "page.play", NULL },
  { "i|<Alt>i", "Sound: cut the segment at the cursor", ANNOTATE, NULL, "cut" },
  { "j|<Alt>j", "Sound: join the segment with the next", ANNOTATE, NULL, "join" },
  { "bracketleft", "Brush: smaller; sound: nudge the nearer boundary back", ANNOTATE, NULL, "smaller" },
  { "bracketright", "Brush: larger; sound: nudge the nearer boundary on", ANNOTATE, NULL, "larger" },
  { "comma", "Sound: step the cursor back", ANNOTATE, NULL, "step-back" },
  { "period", "Sound: step the cursor on", ANNOTATE, NULL, "step-on" },
  { "less", "Sound: a second back", ANNOTATE, NULL, "second-back" },
  { "greater", "Sound: a second on", ANNOTATE, NULL, "second-on" },

  { "f", "Fit the whole item", ANNOTATE | REVIEW, "page.fit", NULL },
  { "plus|equal|KP_Add", "Zoom in", ANNOTATE | REVIEW, "page.zoom-in", NULL },
  { "minus|KP_Subtract", "Zoom out", ANNOTATE | REVIEW, "page.zoom-out", NULL },
  { "F2", "Held: a loupe at the pointer", ANNOTATE | REVIEW, NULL, "loupe" },
  { "F3", "Overview map", ANNOTATE, "page.show", "'map'" },
  { "F4", "Crosshair", ANNOTATE, "page.show", "'crosshair'" },
  { "F12", "Point with the keys: arrows, with Shift 10 px; Space presses, Insert keeps it so", ANNOTATE, "page.show",
    "'keys'" },
  { "F5", "The previous picture of the sequence beside this one", ANNOTATE, "page.show", "'beside'" },
  { "F7", "Outlines only", ANNOTATE, "page.show", "'outline'" },
  { "F8", "How the picture is shown: window, level, gamma, channels", ANNOTATE, "page.show", "'display'" },
  { "<Control>0", "One pixel of the picture on one of the screen", ANNOTATE | REVIEW, "page.zoom-100", NULL },

  { "<Shift>1", "Take the first annotator's answer", REVIEW, "page.take-answer", "1", TRUE },
  { "<Shift>2", "Take the second annotator's answer", REVIEW, "page.take-answer", "2", TRUE },
  { "<Shift>3", "Take the third annotator's answer", REVIEW, "page.take-answer", "3", TRUE },
  { "<Shift>4", "Take the fourth annotator's answer", REVIEW, "page.take-answer", "4", TRUE },
  { "<Shift>5", "Take the fifth annotator's answer", REVIEW, "page.take-answer", "5", TRUE },
  { "<Shift>6", "Take the sixth annotator's answer", REVIEW, "page.take-answer", "6", TRUE },
  { "<Shift>7", "Take the seventh annotator's answer", REVIEW, "page.take-answer", "7", TRUE },
  { "<Shift>8", "Take the eighth annotator's answer", REVIEW, "page.take-answer", "8", TRUE },
  { "<Shift>9", "Take the ninth annotator's answer", REVIEW, "page.take-answer", "9", TRUE },
  { "x", "What the answers differ in, or all of them again", REVIEW, "page.view", "'difference'" },
  { "b", "One answer after the other, or all at once", REVIEW, "page.view", "'blink'" },
  { "s", "The answers side by side, or in one picture", REVIEW, "page.view", "'beside'" },
  { "c", "Take the consensus", REVIEW, "page.consensus", NULL, TRUE },
  { "m", "Merge by object: whose each is", REVIEW, "page.merge", NULL, TRUE },
  { "e", "Edit here: the tools on a copy, settled as yours", REVIEW, "page.edit", NULL, TRUE },
  { "<Shift>a", "Any will do: all answers are acceptable", REVIEW, "page.both", NULL, TRUE },
  { "n", "None will do: all answers go back", REVIEW, "page.neither", NULL, TRUE },
  { "g", "The guideline is unclear: ask", REVIEW, "page.unclear", NULL },
  { "r", "Send back with a comment", REVIEW, "page.send-back", NULL },
  { "w", "Sweep through a class, and repair what its objects share", REVIEW, "page.sweep", NULL },
  { "<Control>r", "Run the checks", REVIEW, "page.run-checks", NULL },
  { "<Control>d", "Dashboard, or back to the findings", REVIEW, "page.dashboard", NULL },

  { "space", "Take a still; play or stop the sound; held: drag the picture", CAPTURE | ANNOTATE, "page.go", NULL },
  { "space", "Held: drag the picture", REVIEW, NULL, "drag" },

  { "s", "Stills, one a press", CAPTURE, "page.mode", "'still'" },
  { "u", "Bursts of stills", CAPTURE, "page.mode", "'burst'" },
  { "e", "A still every so often", CAPTURE, "page.mode", "'every'" },
  { "v", "Video", CAPTURE, "page.mode", "'video'" },
  { "m", "Voice: the microphones alone", CAPTURE, "page.mode", "'voice'" },
  { "h", "Histogram over the live picture", CAPTURE, "page.histogram", NULL },
  { "x", "Exposure warnings", CAPTURE, "page.exposure", NULL },
  { "p", "Focus peaking and sharpness", CAPTURE, "page.focus", NULL },
  { "b", "Mark the last take bad, or take it back", CAPTURE, "page.mark-bad", NULL },
  { "r", "Mark the last take bad and take it again", CAPTURE, "page.repeat", NULL },
  { "n", "Add a note to the last take", CAPTURE, "page.note", NULL },
  { "g", "Grid of thirds", CAPTURE, "page.grid", NULL },

  { "<Control>t", "Read a script aloud", CAPTURE, "page.read-script", NULL },
  { "<Control>l", "Calibrate a camera", CAPTURE, "page.calibrate", NULL },

  /* One hand on the keyboard, the eyes on the sentence. */
  { "space", "Record the sentence, and end the take", READING, "reading.go", NULL },
  { "l", "Listen to the take", READING, "reading.listen", NULL },
  { "r", "Read the sentence again", READING, "reading.again", NULL },
  { "Return", "Take it, and go to the next sentence", READING, "reading.accept", NULL },
  { "s", "Skip the sentence", READING, "reading.skip", NULL },
  { "Escape", "Finish", READING, "reading.back", NULL },

  { "<Control>m", "Release a version", DATASET, "page.release", NULL },
  { "<Control>e", "Export", DATASET, "page.export", NULL },
};

const AssayKey *
assay_keys_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (keys);
  return keys;
}

char *
assay_key_dup_id (const AssayKey *key)
{
  if (key->target == NULL)
    return g_strdup (key->action);
  g_auto (GStrv) words = g_strsplit (key->target, "'", -1); /* 'brush' */
  g_autofree char *target = g_strjoinv (NULL, words);
  return g_strdup_printf ("%s:%s", key->action != NULL ? key->action : "tool", target);
}
