import QtQuick

// A choice that is on or off: categories, filters.
Pressable {
    id: chip
    property string text: ""
    property bool on: false
    property int maximumWidth: 320

    implicitWidth: Math.min(maximumWidth, words.implicitWidth + 44)
    label: text
    border.width: 0
    Accessible.role: Accessible.CheckBox
    Accessible.checked: on

    Rectangle {
        anchors.fill: parent
        anchors.topMargin: 6
        anchors.bottomMargin: 6
        radius: height / 2
        color: chip.on ? Theme.leafPale : (chip.pressed ? Theme.sunken : Theme.white)
        border.width: chip.activeFocus ? 3 : 2
        border.color: chip.activeFocus ? Theme.leafBright : (chip.on ? Theme.leaf : Theme.line)
    }
    Label {
        id: words
        anchors.centerIn: parent
        text: chip.text
        font.weight: Font.DemiBold
        color: chip.on ? Theme.leafDark : Theme.ink
        width: Math.min(implicitWidth, chip.maximumWidth - 44)
    }
}
