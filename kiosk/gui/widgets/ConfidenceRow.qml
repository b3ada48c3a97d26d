import QtQuick

// How sure the kiosk is: in a word, in stars, in percent.
Flow {
    id: row
    property int stars: 0
    property int percent: 0
    spacing: 12

    readonly property string word: [qsTr("Just a guess"), qsTr("Not so sure"), qsTr("Fairly sure"), qsTr("Sure"), qsTr("Very sure")][Math.max(0, Math.min(4, stars - 1))]
    Tag {
        text: row.word
        tone: row.stars >= 4 ? "sure" : "unsure"
    }
    StarRow {
        stars: row.stars
        size: 26
        height: 36
        topPadding: 5
    }
    Label {
        text: qsTr("%1 %").arg(row.percent)
        color: Theme.mute
        height: 36
    }
}
