import QtQuick

// Text that never runs out of its box: it elides, and may wrap and shrink first.
Text {
    color: Theme.ink
    font.pixelSize: Theme.textSize
    elide: Text.ElideRight
    textFormat: Text.PlainText
    verticalAlignment: Text.AlignVCenter
}
